/** Several changes of the office as one revision, or none: a list of edits in the words of the office's files. */
import { z } from "zod";
import { editsSchema, readEdits } from "../../../../../policy/change/edits/schema.js";
import { given } from "../../../../../policy/office/optional.js";
import { changeAnswer, changeQuery, edit, pointer } from "../../changes.js";
import { jsonOf } from "../../entry-fields.js";
import { problem } from "../../problem.js";
import { route } from "../../route.js";

/** A list that needs more is a table, or a file. */
const BODY_BYTES_MAX = 1024 * 1024;
const EDITS_MAX = 2_000;

const body = z.array(z.unknown()).max(EDITS_MAX).meta(jsonOf(editsSchema)) as unknown as z.ZodType<
  z.infer<typeof editsSchema>,
  z.infer<typeof editsSchema>
>;

export const changeRoutes = {
  makeChanges: route({
    method: "POST",
    path: "/changes",
    tag: "Changes",
    summary: "Make several changes at once, as one revision",
    description:
      "A list of edits as `ringline edit` reads it: `add`, `set`, `remove` or `rename` names an entry (`user:dana.reed`, `member:sales/dana.reed`, `office`), and the fields stand beside it. All are made, or none. With `dry_run` the answer says what would change. Each edit needs the permission that it would need by itself.",
    access: { needs: "own" },
    query: changeQuery,
    body,
    bodyBytesMax: BODY_BYTES_MAX,
    answer: changeAnswer,
    isChangingOffice: true,
    handle: async (request) => {
      const { edits, problems } = readEdits(request.body);
      if (problems.length === 0) return edit(request, edits, { pointerOf: (index) => `/${index}` });
      return problem("checks_failed", {
        detail: "the edits cannot be read",
        errors: problems.map(({ code, message, at, found, expected, suggestion }) => ({
          field: pointer(at.path),
          code,
          message,
          ...given({ found, expected, suggestion }),
        })),
      });
    },
  }),
};
