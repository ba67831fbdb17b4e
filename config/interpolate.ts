const REFERENCE = /\$(\$)?\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

export interface Interpolated {
  readonly text: string
  /** True when at least one `${NAME}` was replaced. */
  readonly changed: boolean
  /** Variables that are not set and have no fallback. */
  readonly missing: readonly string[]
}

/** Replaces `${NAME}` and `${NAME:-fallback}` by environment variables; `$${` stands for a plain `${`. */
export function interpolate(text: string, env: Readonly<Record<string, string | undefined>>): Interpolated {
  const missing: string[] = []
  let changed = false
  const replaced = text.replace(REFERENCE, (whole, escaped: string | undefined, name: string, fallback?: string) => {
    if (escaped !== undefined) return whole.slice(1)
    changed = true
    const value = env[name]
    if (value !== undefined && value !== '') return value
    if (fallback !== undefined) return fallback
    missing.push(name)
    return ''
  })
  return { text: replaced, changed, missing }
}

const [OPEN, CLOSE] = ['\ue000', '\ue001']

/**
 * The text with the braces of each `${NAME}` as characters that mean nothing to YAML, so that it may also stand unquoted
 * between braces: `{ url: ${URL} }`. Every position stays what it was.
 */
export const shieldReferences = (text: string): string =>
  text.replace(REFERENCE, (whole) => whole.replace('{', OPEN).replace(/\}$/, CLOSE))

/** Undoes it in a value that was read. */
export const unshieldReferences = (text: string): string => text.replaceAll(OPEN, '{').replaceAll(CLOSE, '}')
