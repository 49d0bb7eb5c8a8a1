/**
 * The preset dictionaries of zlib for stories: text that most stories have in common. A dictionary is never changed once it
 * is released, as stories that were written with it could no longer be read; a better one is added after it. What more
 * stories have stands nearer to the end, since a shorter distance costs fewer bits.
 */
const VERSION_1 = Buffer.from(
  `{"kind":"next_carrier","leg":"\\u00010","failed":"","why":"","carrier":""}],{"kind":"pin_refused","username":"",\
"why":"wrong"}],{"kind":"listens","username":"","box":"user:{"kind":"bound_reached","bound":"{"kind":"refused",\
"number":"+1","why":"permission"}],{"kind":"emergency","number":"911","user":"","device":"desk","isTest":false}],\
{"kind":"adopted","engine":"","revision":1}],{"kind":"transferred","to":"extension:1","by":""}],\
{"kind":"transfer_failed","to":"","by":null,"why":"unassigned"}],{"kind":"winner_lost","leg":"\\u00010","cause":"\
{"kind":"mailbox_refused","box":"group:","why":"full"}],{"kind":"no_message","box":"user:","why":"too_short"}],\
{"kind":"leg_declines","leg":"\\u00010"}],{"kind":"leg_asked","leg":"\\u00010"}],{"kind":"digits","leg":"\\u00010",\
"digits":"1"}],{"kind":"leg_accepts","leg":"\\u00010"}],{"kind":"digits","leg":null,"digits":"1"}],\
"cause":"USER_BUSY","status":486,"side":"callee","cause":"CALL_REJECTED","status":603,"cause":"UNALLOCATED_NUMBER",\
"status":404,"cause":"NO_USER_RESPONSE","status":408,"cause":"NORMAL_TEMPORARY_FAILURE","status":503,"side":"switch",\
"cause":"NO_ANSWER","status":null,"side":"office","cause":"ORIGINATOR_CANCEL","status":null,"side":"caller",\
"cause":"LOSE_RACE","status":null,"side":"office","isSeen":true,"sipCallId":null}],{"kind":"prompt","text":""}],\
{"kind":"step_outcome","text":"","outcome":"closed","schedule":"","isOpen":false}],{"kind":"step_outcome","text":"",\
"outcome":"open","schedule":"","isOpen":true}],{"kind":"step","text":"send to ","names":["flow:"]}],\
{"kind":"step","text":"voicemail of ","names":["user:"]}],{"kind":"greeting","box":"user:"}],\
{"kind":"recording","box":"group:"}],{"kind":"not_rung","reason":"not_registered","group":null,"who":"",\
"device":"cell"}],"reason":"already_rung","reason":"own_device","reason":"suspended","reason":"busy","group":"",\
{"kind":"rollover","why":"nothing_rings"}],{"kind":"rollover","why":"timeout"}],"ending":{"kind":"message",\
"box":"group:"},"side":"caller","ending":{"kind":"missed"},"side":"caller","cause":"ORIGINATOR_CANCEL",\
"isSeen":true}],"ending":{"kind":"lost"},"side":"unknown","cause":null,"isSeen":false}],[17,{"kind":"began",\
"direction":"inside","from":"","name":"","isWithheld":true,"user":"","device":"desk","called":"1","revision":1,\
"carrier":null,"sipCallId":"","engine":"{"kind":"began","direction":"out","from":"1","user":"","device":"desk",\
"called":"+1","carrier":null,"shows":"+1","payer":"","carrier":"main",[[1796,["],[0,{"kind":"began",\
"direction":"in","from":"+1","name":"","isWithheld":false,"user":null,"device":null,"called":"+1","revision":1,\
"carrier":"main","sipCallId":"","engine":""}],[1,{"kind":"flow","source":"number:+1","label":"Main line"}],\
[0,{"kind":"step","text":"ring group ","names":["group:"]}],[0,{"kind":"leg_dialled","leg":"\\u00010","to":"",\
"group":"","carrier":null,"shows":null,"payer":null,"who":"","device":"desk"}],[0,{"kind":"leg_dialled",\
"leg":"\\u00011","to":"","group":null,"carrier":null,"shows":null,"payer":null,"who":"","device":"desk"}],\
[2,{"kind":"leg_rings","leg":"\\u00011"}],[1,{"kind":"leg_rings","leg":"\\u00010"}],[1,{"kind":"leg_answered",\
"leg":"\\u00010"}],[1,{"kind":"connected","leg":"\\u00010","who":"","device":"desk"}],[1,{"kind":"leg_ended",\
"leg":"\\u00011","cause":"LOSE_RACE","status":200,"side":"office","isSeen":true,"sipCallId":",\
"leg":"\\u00010","cause":"NORMAL_CLEARING","status":200,"side":"callee","isSeen":true}],[0,{"kind":"ended",\
"ending":{"kind":"answered","by":""},"side":"caller","cause":"NORMAL_CLEARING","isSeen":true}]]`,
);

/** By version, of which the first is 1. */
export const DICTIONARIES: readonly Buffer[] = [VERSION_1];
