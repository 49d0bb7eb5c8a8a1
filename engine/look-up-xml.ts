/** What all answers to look-ups of the switch share (mod_xml_curl). */

/** The switch then reads its own files. */
export const NOT_FOUND_XML =
  '<document type="freeswitch/xml"><section name="result"><result status="not found"/></section></document>';
