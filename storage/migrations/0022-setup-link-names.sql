-- The SIP name of a link's phone: the link goes with it when its device is renamed, and is not for another phone that gets
-- the device's id later. Links that were made before have none, and work no more: make new ones.
ALTER TABLE setup_links ADD COLUMN sip_name TEXT NOT NULL DEFAULT '';
CREATE INDEX setup_links_sip_name ON setup_links (sip_name);
