const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Text of unknown origin on one line: whole characters only, no control or direction-changing ones. */
export const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\u2028\u2029]+/gu, ' ')
    .replaceAll(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()

/**
 * As much of the text as fits into `limit` UTF-16 units once it is encoded, ending in `…` where something was left out.
 * No character, and no escape, is cut in two.
 */
export function clip(text: string, limit: number, encode: (part: string) => string = String): string {
  const whole = encode(text)
  if (whole.length <= limit) return whole
  let kept = ''
  for (const { segment } of GRAPHEMES.segment(text.slice(0, limit))) {
    const next = kept + encode(segment)
    if (next.length + 1 > limit) break
    kept = next
  }
  return `${kept.trimEnd()}…`
}

/** For Slack's mrkdwn and Telegram's HTML alike, where these three are the only special characters. */
export const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
