/** What is typed for a new user. */

export interface NewUserDraft {
  readonly first: string;
  readonly last: string;
  readonly email: string;
  /** Null: as suggested. */
  readonly username: string | null;
  readonly extension: string | null;
  readonly system: boolean;
  readonly billing: boolean;
  readonly sends: boolean;
  readonly outbound: string;
  readonly location: string;
  readonly groups: readonly string[];
  readonly permissions: Readonly<Record<string, boolean>>;
}
