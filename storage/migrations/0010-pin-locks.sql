-- Each lock of a PIN is longer than the one before, until the right one is entered; and a try that is made twice, by an
-- engine that has taken a call over, counts once.
ALTER TABLE mailbox_pins ADD COLUMN locks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE mailbox_pins ADD COLUMN last_try TEXT NOT NULL DEFAULT '';
