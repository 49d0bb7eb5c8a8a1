/** Sounds that several phases play. The names are those of `docker/sounds/en.txt`. */
export const SOUND_BEEP = "beep";
export const SOUND_GOODBYE = "goodbye";
/** A moment of nothing, no file: its end shows that everything queued before it is over. */
export const SOUND_NOTHING = "nothing";
