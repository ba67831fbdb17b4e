/** Names by which browsers go: people have several, and use them for the same work. */
const BROWSER = /^(mozilla|chrome|chromium|firefox|safari|edge|edg|opera|msie|brave|vivaldi)$/
/** What stands before the version, or before what the program runs on. */
const PRODUCT = /^[^\s/;,()]+/

/**
 * A program by its `User-Agent` (RFC 9110, 10.1.5: the first product is the one that matters most): in lower case and
 * without its version, which changes with every update. All browsers are one. Null where none is named.
 */
export function programName(userAgent: string | null): string | null {
  const product = userAgent?.trim().match(PRODUCT)?.[0].toLowerCase() ?? ''
  const name = product.replace(/[-_.v]*\d[\d.]*$/, '')
  if (name === '') return null
  return BROWSER.test(name) ? 'browser' : name
}
