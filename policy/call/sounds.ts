/** Sounds that several phases play. The names are those of `docker/sounds/en.txt`. */
export const SOUND_BEEP = "beep";
export const SOUND_GOODBYE = "goodbye";
