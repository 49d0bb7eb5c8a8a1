-- Each lock of a PIN is longer than the last, until the right PIN is entered. `last_try` identifies the last attempt: an
-- engine that has taken a call over may repeat it, and it must count once.
ALTER TABLE mailbox_pins ADD COLUMN locks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mailbox_pins ADD COLUMN last_try TEXT NOT NULL DEFAULT '';
