/** A count with its thing, as people say it: `1 user`, `2 users`. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${count} ${count === 1 ? thing : things}`;
}
