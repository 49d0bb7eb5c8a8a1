/** What a dialogue keeps in the call's state, beside what its phase keeps for itself. */
export interface DialogueState {
  /** What was last played or recorded: an older sound that ends means nothing any more. Null: nothing yet. */
  readonly playId: string | null;
  /** How often the question of this stage was put again because nobody pressed a key. */
  readonly repeats: number;
}
