-- What a closed day leaves behind for judging later ones: each test's highest surprise in hundredths, in test order; the
-- day's highest risk in thousandths; whether the leaver's limit held; operations per
-- local hour. A past that is folded again replaces what a person's own baseline rests on (`own`), but not what the
-- role's peers were taught (`peers`), so that a restart finds peers as they were.
ALTER TABLE day_peaks ADD COLUMN surprise INTEGER[];
ALTER TABLE day_peaks ADD COLUMN risk INTEGER DEFAULT 0;
ALTER TABLE day_peaks ADD COLUMN leaver BOOLEAN DEFAULT false;
ALTER TABLE day_peaks ADD COLUMN hours INTEGER[];
ALTER TABLE day_peaks ADD COLUMN own BOOLEAN DEFAULT true;
ALTER TABLE day_peaks ADD COLUMN peers BOOLEAN DEFAULT true;
