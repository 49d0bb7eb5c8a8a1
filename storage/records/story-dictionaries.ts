/**
 * The preset dictionaries of zlib for stories: text that most stories have in common. A dictionary is never changed once it
 * is released, as stories that were written with it could no longer be read; a better one is added after it. What more
 * stories have stands nearer to the end, since a shorter distance costs fewer bits.
 */
const VERSION_1 = Buffer.from(
  `"cause":"CALL_REJECTED","status":603,"cause":"UNALLOCATED_NUMBER","status":404,"cause":"NO_USER_RESPONSE",\
"status":408,"cause":"NORMAL_TEMPORARY_FAILURE","status":503,"cause":"USER_BUSY","status":486,"side":"callee",\
"reason":"already_rung","reason":"own_device","reason":"suspended","reason":"busy","reason":"not_registered"],[0,\
{"kind":"pin_refused","username":"","why":"wrong"}],[0,{"kind":"listens","username":"","box":"user:"}],[0,\
{"kind":"adopted","engine":"1796","revision":1}],[0,{"kind":"transfer_failed","to":"","by":null,\
"why":"unassigned"}],[0,{"kind":"no_message","box":"user:","why":"too_short"}],[0,{"kind":"mailbox_refused",\
"box":"group:","why":"full"}],[0,{"kind":"bound_reached","bound":"],[0,{"kind":"flow","source":"dialled:+1",\
"names":[],"label":null}],[0,{"kind":"leg_dialled","leg":"\\u00010","who":"+1","device":"","to":"","group":null,\
"carrier":"main","shows":"+1","payer":"user:"}],[0,{"kind":"began","direction":"out","from":"102","name":"",\
"isWithheld":false,"user":"","device":"desk","called":"+1","revision":1,"carrier":null,"sipCallId":"",\
"partOf":null,"engine":"1796"}],[0,{"kind":"flow","source":"not_permitted","names":[],"label":null}],[0,\
{"kind":"refused","number":"+1","why":"permission"}],[0,{"kind":"step","text":"announce not-permitted",\
"names":[]}],[0,{"kind":"prompt","text":"not-permitted"}],[0,{"kind":"step","text":"hang up: declined",\
"names":[]}],[0,{"kind":"ended","ending":{"kind":"hung_up","reason":"declined"},"side":"office",\
"cause":"CALL_REJECTED","isSeen":true}],[0,{"kind":"step","text":"schedule practice","names":["schedule:",\
"flow:"]}],[0,{"kind":"step_outcome","text":"schedule practice","outcome":"closed by its hours",\
"schedule":"practice","isOpen":false}],[0,{"kind":"flow","source":"flow:","names":["flow:"],"label":null}],[0,\
{"kind":"step","text":"hang up: normal","names":[]}],[0,{"kind":"ended","ending":{"kind":"hung_up",\
"reason":"normal"},"side":"office","cause":"NORMAL_CLEARING","isSeen":true}],[0,{"kind":"transferred","to":"",\
"by":""}],[0,{"kind":"leg_ended","leg":"\\u00010","cause":"BLIND_TRANSFER","status":null,"side":"callee",\
"isSeen":true,"sipCallId":""}],[0,{"kind":"leg_ended","leg":"\\u00010","cause":"NORMAL_CLEARING","status":null,\
"side":"callee","isSeen":true,"sipCallId":""}],[0,{"kind":"ended","ending":{"kind":"answered","by":""},\
"side":"callee","cause":"NORMAL_CLEARING","isSeen":true}],[0,{"kind":"began","direction":"out","from":"103",\
"name":"","isWithheld":false,"user":"","device":"desk","called":"933","revision":1,"carrier":null,"sipCallId":"",\
"partOf":null,"engine":"1796"}],[0,{"kind":"flow","source":"emergency:933","names":[],"label":null}],[0,\
{"kind":"emergency","number":"933","user":"","device":"desk","isTest":true}],[0,{"kind":"step",\
"text":"ring number:933","names":[]}],[0,{"kind":"leg_dialled","leg":"\\u00010","who":"933","device":"","to":"",\
"group":null,"carrier":"main","shows":"+1","payer":null}],[0,{"kind":"connected","leg":"\\u00010","who":"933",\
"device":""}],[0,{"kind":"ended","ending":{"kind":"answered","by":"933"},"side":"caller",\
"cause":"NORMAL_CLEARING","isSeen":true}],[0,{"kind":"leg_ended","leg":"\\u00010","cause":"USER_BUSY",\
"status":486,"side":"callee","isSeen":true,"sipCallId":""}],[0,{"kind":"flow","source":"number:+1",\
"names":["number:+1","flow:"],"label":"}],[0,{"kind":"leg_dialled","leg":"\\u00010","who":"","device":"cell",\
"to":"","group":null,"carrier":"main","shows":"+1","payer":"user:"}],[0,{"kind":"rollover","why":"timeout",\
"timer":"ring"}],[0,{"kind":"leg_dialled","leg":"\\u00010","who":"","device":"cell","to":"","group":"",\
"carrier":"main","shows":"+1","payer":"user:"}],[0,{"kind":"digits","leg":"\\u00010","digits":"1"}],[0,\
{"kind":"leg_accepts","leg":"\\u00010"}],[0,{"kind":"step","text":"announce please-hold","names":[]}],[0,\
{"kind":"prompt","text":"please-hold"}],[0,{"kind":"flow","source":"group:","names":["group:"],"label":null}],[0,\
{"kind":"flow","source":"unassigned","names":[],"label":null}],[0,{"kind":"step",\
"text":"announce cannot-be-completed","names":[]}],[0,{"kind":"prompt","text":"cannot-be-completed"}],[0,\
{"kind":"step","text":"hang up: unassigned","names":[]}],[0,{"kind":"ended","ending":{"kind":"hung_up",\
"reason":"unassigned"},"side":"office","cause":"UNALLOCATED_NUMBER","isSeen":true}],[0,{"kind":"step",\
"text":"ring number:+1","names":[]}],[0,{"kind":"connected","leg":"\\u00010","who":"+1","device":""}],[0,\
{"kind":"ended","ending":{"kind":"answered","by":"+1"},"side":"caller","cause":"NORMAL_CLEARING","isSeen":true}],\
[0,{"kind":"leg_asked","leg":"\\u00010"}],[0,{"kind":"caller_gone","side":"caller","cause":"ORIGINATOR_CANCEL",\
"isSeen":true}],[0,{"kind":"ended","ending":{"kind":"missed"},"side":"caller","cause":"ORIGINATOR_CANCEL",\
"isSeen":true}],[0,{"kind":"flow","source":"user:","names":["user:"],"label":null}],[0,{"kind":"step",\
"text":"ring group:","names":["group:"]}],[0,{"kind":"leg_ended","leg":"\\u00010","cause":"ORIGINATOR_CANCEL",\
"status":null,"side":"caller","isSeen":true,"sipCallId":null}],[0,{"kind":"ended","ending":{"kind":"answered",\
"by":""},"side":"caller","cause":"NORMAL_CLEARING","isSeen":true}],[0,{"kind":"leg_dialled","leg":"\\u00010",\
"who":"","device":"soft","to":"","group":"","carrier":null,"shows":null,"payer":null}],[0,{"kind":"leg_dialled",\
"leg":"\\u00010","who":"","device":"soft","to":"","group":null,"carrier":null,"shows":null,"payer":null}],[0,\
{"kind":"connected","leg":"\\u00010","who":"","device":"desk"}],[0,{"kind":"leg_ended","leg":"\\u00010",\
"cause":"NO_ANSWER","status":null,"side":"office","isSeen":true,"sipCallId":""}],[0,{"kind":"leg_ended",\
"leg":"\\u00010","cause":"NORMAL_CLEARING","status":null,"side":"caller","isSeen":true,"sipCallId":""}],[0,\
{"kind":"leg_dialled","leg":"\\u00010","who":"","device":"desk","to":"","group":"","carrier":null,"shows":null,\
"payer":null}],[0,{"kind":"leg_dialled","leg":"\\u00010","who":"","device":"desk","to":"","group":null,\
"carrier":null,"shows":null,"payer":null}],[0,{"kind":"caller_gone","side":"caller","cause":"NORMAL_CLEARING",\
"isSeen":true}],[0,{"kind":"step","text":"ring user:","names":["user:"]}],[0,{"kind":"flow","source":"number:+1",\
"names":["number:+1"],"label":"}],[0,{"kind":"leg_answered","leg":"\\u00010"}],[0,{"kind":"leg_ended",\
"leg":"\\u00010","cause":"LOSE_RACE","status":null,"side":"office","isSeen":true,"sipCallId":""}],[0,\
{"kind":"began","direction":"in","from":"+1","name":"","isWithheld":false,"user":null,"device":null,\
"called":"+1","revision":1,"carrier":"main","sipCallId":"","partOf":null,"engine":"1796"}],[0,\
{"kind":"leg_rings","leg":"\\u00010"}]]`,
);

/** By version, of which the first is 1. */
export const DICTIONARIES: readonly Buffer[] = [VERSION_1];
