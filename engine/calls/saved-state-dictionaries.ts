/**
 * The preset dictionaries of zlib for saved states: text that most states have in common and that therefore need not be
 * written. Each version of the state has one, which is never changed once the version is released: states that were
 * written with it could no longer be read. What more states have stands nearer to the end, since a shorter distance
 * costs fewer bits.
 */

const VERSION_1 = Buffer.from(
  `"kind":"apology"},"kind":"unassigned"},"kind":"dialled","target":{"kind":"number","number":"+1},"kind":"group",\
"id":"},"kind":"user","username":"},"kind":"flow","id":","media":"answered","parked":false,"guarded":false,\
"ringback":true,"codecs":"CORE_PCM_MODULE.PCMU@8000h@20i@64000b,CORE_PCM_MODULE.PCMA@8000h@20i@64000b,\
mod_opus.opus@48000h@20i@2c,mod_spandsp.G722@8000h@20i@64000b"},"phase":{"kind":"announcing","playId":"\
","phase":"killed","killCause":"LOSE_RACE","phase":"deciding","phase":"answered","accepted":true,"prompting":true,\
"kills":1,"killCause":"NO_ANSWER","timers":{"decide:","connect":,"slot":,"start:1":,"end:0":,"kill:\
"stations":[{"who":"","device":"cell","at":{"kind":"phone","number":"+1"},"slot":1,"startMs":5000,"endMs":20000,\
"accept":true,"carrier":"main","callerName":"","callerNumber":"","diversion":"+1","asserted":"+1"},\
"phases":["open","closed","waiting"],"winner":"","bridging":true}},"dial":{"kind":"gateway","carrier":"main",\
"number":"+1"},{"v":1,"id":"","revision":1,"arrivedMs":17,"caller":{"number":"+1","name":"","called":"+1",\
"media":"none","parked":true,"guarded":true,"ringback":false,"codecs":"CORE_PCM_MODULE.PCMU@8000h@20i@64000b"},\
"flow":{"source":{"kind":"number","number":"+1"},"index":0},"hops":0,"phase":{"kind":"ringing","ring":{"step":\
{"kind":"ring","target":{"kind":"group","id":""},"target":{"kind":"user","username":""},"timeoutMs":30000,\
"timeoutMs":20000,"accept":"auto","skip":false},"stations":[{"who":"","device":"desk","at":{"kind":"sip",\
"name":""},"slot":0,"startMs":0,"endMs":null,"accept":false,"carrier":null,"callerName":"","callerNumber":"+1",\
"diversion":null,"asserted":null}],"phases":["open"],"slot":0,"slotMs":[null],"slotBeganMs":17,"endsMs":17,\
"clockEnded":false,"winner":null,"bridging":false}},"legs":[{"id":"","station":0,"who":"","device":"","dial":\
{"kind":"contact","sip":"","url":"sofia/phones/sip:@"},"phase":"dialing","parked":false,"accepted":false,\
"prompting":false,"prompts":0,"playId":"","kills":0,"killCause":""}],"legCount":1,"playCount":0,"timers":\
{"ring":17,"dial:":17},"rang":[],"answeredBy":null,"ending":null,"staleTimers":0}`,
);

const VERSION_2 = Buffer.from(
  `"stage":{"at":"telling","next":{"to":"next_message"}},"next":{"to":"start"}},"next":{"to":"leave"}},\
"to":"menu","menu":"greeting","menu":"message","menu":"settings","menu":"review","entry":"forward_to"},\
"entry":"new_pin"},{"kind":"keep_greeting","slot":{"box":{"kind":"temporary","busy":true,"draft":"",\
"purpose":{"for":"greeting","slot":{"box":{"kind":"own","busy":false},"current":{"id":"",\
"callerNumber":"+1","beganMs":17,"lengthMs":,"urgent":false,"state":"heard","claimedBy":null,\
"forwardedBy":null,"playable":true},"fresh":1,"old":0},"stage":{"at":"menu","menu":"main"},\
"stage":{"at":"entry","entry":"extension"},"stage":{"at":"entry","entry":"pin"},{"kind":"listen",\
"code":{"extension":null,"asks":false}},"index":0},"hops":0,"phase":{"kind":"listening",\
"listening":{"stage":{"at":"asking","ask":{"kind":"boxes","username":""},"id":""},"username":null,"username":"",\
"admitted":true,"remote":false,"box":null,"typed":"","newPin":null,"wrong":0,"boxes":[],"messages":[],\
"index":0,"current":null,"offsetMs":0,"sinceMs":0,"draft":null,"purpose":null,"present":null,"repeats":0,\
"playId":""}},"legs":[],"legCount":0,"legsOfVersion1":0,"timers":{"say":17},"ending":{"kind":"hung_up","reason":"normal"},\
"ending":{"kind":"message","box":"group:"},"ending":{"kind":"listened","by":"","from":{"username":"",\
"device":"desk"},"kind":"not_permitted"},"kind":"emergency","number":"911"},"kind":"apology"},\
"kind":"unassigned"},"kind":"dialled","target":{"kind":"number","number":"+1},"kind":"user","username":"},\
"kind":"flow","id":","stage":"menu","stage":"goodbye","stage":"greeting","greetings":[["vm-is-away",\
"vm-mailbox-of","vm-speak-after-tone"]],"repeats":1,"media":"answered","parked":false,"guarded":false,\
"ringback":true,"codecs":"CORE_PCM_MODULE.PCMU@8000h@20i@64000b,CORE_PCM_MODULE.PCMA@8000h@20i@64000b,\
mod_opus.opus@48000h@20i@2c,mod_spandsp.G722@8000h@20i@64000b"},"phase":{"kind":"announcing","playId":""},\
"legs":[],"timers":{"announce":17},"phase":{"kind":"voicemail","leaving":{"box":{"kind":"user","username":"",\
"box":{"kind":"group","id":""},"stage":"opening","message":"","kept":null,"earlier":[],"takes":1,\
"urgent":false,"greetings":[],"repeats":0,"playId":"","recordId":null,"callerGone":false}},"legs":[],\
"timers":{"answer":17},"phase":{"kind":"connected","leg":"","looks":0,"who":null},"legs":[{"timers":{},"rang":[""],\
"answeredBy":"","phase":"deciding","phase":"ringing","phase":"answered","parked":true,"codec":null,\
"accepted":true,"prompting":true,"prompts":1,"playId":"","kills":1,"killCause":"LOSE_RACE"}],\
"phase":"killed","parked":false,"codec":"PCMU","codec":null,"accepted":false,"prompting":false,"prompts":0,\
"playId":null,"unseen":0,"kills":1,"killCause":"NO_ANSWER"}],"busy":false,"timers":{"decide:","connect":,"slot":,\
"start:1":,"end:0":,"kill:,"stations":[{"who":"","device":"cell","at":{"kind":"phone","number":"+1"},\
"slot":1,"startMs":5000,"endMs":20000,"accept":true,"carrier":"main","callerNumber":"","callerName":"",\
"diversion":"+1","asserted":"+1"},"phases":["open","closed","waiting"],"winner":"","bridging":true,\
"rung":["0 ","1 "],"waits":0}},"dial":{"kind":"gateway","carrier":"main","number":"+1"},\
{"id":"","revision":1,"arrivedMs":17,"caller":{"number":"+1","name":"","called":"+1","media":"none",\
"asked":false,"asked":true,"parked":false,"guarded":false,"parked":true,"guarded":true,"ringback":false,"codecs":"CORE_PCM_MODULE.PCMU@8000h@20i@64000b"},\
"flow":{"source":{"kind":"number","number":"+1"},"index":0},"hops":0,"phase":{"kind":"ringing",\
"ring":{"step":{"kind":"ring","target":{"kind":"group","id":""},"target":{"kind":"user","username":""},\
"timeoutMs":30000,"timeoutMs":20000,"accept":"auto","skip":false},"stations":[{"who":"","device":"desk",\
"at":{"kind":"sip","name":""},"slot":0,"startMs":0,"endMs":null,"accept":false,"carrier":null,\
"callerNumber":"+1","callerName":"","diversion":null,"asserted":null}],"phases":["open"],"slot":0,\
"slotMs":[null],"slotBeganMs":17,"endsMs":17,"clockEnded":false,"skipped":false,"native":true,"native":false,"losers":[],"early":null,"winner":null,"bridging":false,\
"rung":["0 "],"waits":0}},"legs":[{"id":"","station":0,"who":"","device":"",\
"dial":{"kind":"contact","sip":"","url":"sofia/phones/sip:@"},"native":true,"native":false,"phase":"dialing","parked":false,"codec":null,\
"accepted":false,"prompting":false,"prompts":0,"playId":null,"unseen":0,"kills":0,"killCause":null}],"legCount":1,\
"legsOfVersion1":0,"playCount":0,"timers":{"ring":17,"dial:":17},"rang":[],"answeredBy":null,"transfer":null,"busy":null,"refusal":null,"ending":null,\
"staleTimers":0}`,
);

/** In the order of the versions, from version 1 on. */
export const DICTIONARIES: readonly Buffer[] = [VERSION_1, VERSION_2];
