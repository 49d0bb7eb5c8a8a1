#!/bin/sh
# Makes the announcements: each line `name: text` of LANG.txt becomes a WAV that the switch plays.
# The voice is CMU SLT (HTS) for Festival, the clearest voice in Debian that is free to use in products:
# apt-get install festival festvox-us-slt-hts sox
# 8 kHz, mono, 16 bit: what a phone call carries, so that the switch never has to resample.
# The same text gives the same bytes: no dither (sox -D), no date in the file.
set -eu

lang="${1:-en}"
here="$(cd "$(dirname "$0")" && pwd)"
out="$here/../freeswitch/sounds/$lang"
voice="${RINGLINE_VOICE:-voice_cmu_us_slt_arctic_hts}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

for tool in text2wave sox; do
  command -v "$tool" > "$work/found" || { echo "$tool is missing: apt-get install festival festvox-us-slt-hts sox" >&2; exit 1; }
done
mkdir -p "$out"

# The voice adds pauses before and after the speech: they are cut to 60 ms, so that sounds can be joined to a sentence.
# -3 dB leaves headroom for the way to the phone. Sound outside the telephone band of 300 to 3400 Hz would only take level
# from the rest.
finish() {
  sox -D "$1" -r 8000 -c 1 -b 16 -e signed-integer "$2" \
    highpass 200 \
    silence 1 0.01 0.5% fade t 0.005 reverse silence 1 0.01 0.5% fade t 0.005 reverse \
    norm -3 \
    pad 0.06 0.06
}

# The tone before a recording: 440 ms of A, soft at both ends.
sox -D -n -r 8000 -c 1 -b 16 -e signed-integer "$out/beep.wav" synth 0.44 sine 880 vol 0.4 fade t 0.02 0.44 0.02
printf '%-24s %6.2f s  (tone)\n' beep "$(soxi -D "$out/beep.wav")"

grep -v '^ *#' "$here/$lang.txt" | grep ':' | while IFS= read -r line; do
  name="${line%%:*}"
  text="${line#*: }"
  printf '%s\n' "$text" | text2wave -eval "($voice)" -o "$work/speech.wav"
  finish "$work/speech.wav" "$out/$name.wav"
  printf '%-24s %6.2f s  %s\n' "$name" "$(soxi -D "$out/$name.wav")" "$text"
done
