/** What belongs to one alert, for whoever opens alerts, calibrates how often they open, or counts them. */

/** A pause of this length, without a new finding, ends an episode. */
export const EPISODE_GAP_MS = 7 * 86_400_000
/** What lies closer together than this is one stretch of work, which grows as it goes on. */
export const STRETCH_MS = 12 * 3_600_000
/** Decades by which a finding must be rarer than all that the days before brought, to have an alert of its own. */
export const FAR_RARER = 1
