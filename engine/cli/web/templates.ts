/** The templates of desk phones' settings that this package has, and the operator's own. */
import { readTemplates, type TemplatesRead } from "../../web/phone-templates.js";
import { packageFile } from "../shared/package-file.js";

/** @param own a folder of the operator; its templates take the place of ours of the same name */
export function readMakes(own: string | undefined): TemplatesRead {
  return readTemplates([packageFile("docker/phones"), ...(own === undefined ? [] : [own])]);
}
