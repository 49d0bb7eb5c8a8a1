-- A caller may record several times. 1: this recording is a message of its own, whatever the call has recorded before for
-- the mailbox; 0: it takes the place of the recording before, if it is long enough.
ALTER TABLE messages ADD COLUMN alone INTEGER NOT NULL DEFAULT 0;
