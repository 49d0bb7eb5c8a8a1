-- The users whose messages have changed in any way, each with the serial of the last change, so that a running engine
-- sees what other processes do, and counts the messages of those users only. Triggers write it, because messages change
-- in many ways: a delivery, a mark, a hand-over, a deletion.
CREATE TABLE message_changes (
  username TEXT PRIMARY KEY,
  -- Counts changes over the whole table. Rows are never deleted, so the highest serial never falls.
  serial   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_changes_serial ON message_changes (serial);

CREATE TRIGGER message_members_added AFTER INSERT ON message_members BEGIN
  INSERT INTO message_changes (username, serial)
    VALUES (NEW.username, (SELECT coalesce(max(serial), 0) + 1 FROM message_changes))
    ON CONFLICT (username) DO UPDATE SET serial = excluded.serial;
END;
CREATE TRIGGER message_members_removed AFTER DELETE ON message_members BEGIN
  INSERT INTO message_changes (username, serial)
    VALUES (OLD.username, (SELECT coalesce(max(serial), 0) + 1 FROM message_changes))
    ON CONFLICT (username) DO UPDATE SET serial = excluded.serial;
END;
CREATE TRIGGER message_members_changed AFTER UPDATE OF username, state, received ON message_members BEGIN
  INSERT INTO message_changes (username, serial)
    SELECT value, (SELECT coalesce(max(serial), 0) + 1 FROM message_changes)
    FROM json_each(json_array(OLD.username, NEW.username)) WHERE true
    ON CONFLICT (username) DO UPDATE SET serial = excluded.serial;
END;
CREATE TRIGGER messages_changed AFTER UPDATE OF box, urgent, deleted_ms ON messages BEGIN
  INSERT INTO message_changes (username, serial)
    SELECT username, (SELECT coalesce(max(serial), 0) + 1 FROM message_changes)
    FROM message_members WHERE message = NEW.id
    ON CONFLICT (username) DO UPDATE SET serial = excluded.serial;
END;

-- A member's messages that count for the member's lamps.
CREATE INDEX message_members_kept ON message_members (username, message, state, received) WHERE state <> 'deleted';

-- What the engine looks for every half minute: messages deleted long ago, for all or by their members; greetings out of
-- use; and missed calls that nobody needs any more.
CREATE INDEX messages_deleted ON messages (deleted_ms) WHERE deleted_ms IS NOT NULL;
CREATE INDEX message_members_deleted ON message_members (changed_ms, message) WHERE state = 'deleted' AND received = 1;
CREATE INDEX greetings_removed ON greetings (removed_ms) WHERE removed_ms IS NOT NULL;
CREATE INDEX missed_calls_ended ON missed_calls (ended_ms);
