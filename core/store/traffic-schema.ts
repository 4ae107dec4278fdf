/** Bytes that came and went, by the day of this computer's calendar (`2026-01-31`) and by what they were for. */
export const trafficSchema = `
CREATE TABLE traffic (
  day TEXT NOT NULL,
  part TEXT NOT NULL,
  received_bytes INTEGER NOT NULL,
  sent_bytes INTEGER NOT NULL,
  PRIMARY KEY (day, part)
) WITHOUT ROWID, STRICT;
`
