/** Where a value came from. */
export type Origin =
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'default' }

/** One thing wrong with the configuration; free of secrets. */
export interface Fault {
  /** Such as `http.port`; empty when no single key is meant. */
  readonly path: string
  readonly origin: Origin
  readonly found: string
  readonly allowed: string
}

/** `crmwatch.yaml:3:9: http.port: found "eighty"; allowed: a whole number from 0 to 65535` */
export function formatFault(fault: Fault): string {
  const where = formatOrigin(fault.origin)
  const parts = [where, fault.path].filter((part) => part !== '')
  return `${parts.join(': ')}: found ${fault.found}; allowed: ${fault.allowed.replaceAll('`', '')}`
}

function formatOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'file':
      return `${origin.file}:${origin.line}:${origin.column}`
    case 'environment':
      return origin.name
    case 'default':
      return ''
  }
}

const SHOWN_CHARACTERS = 80

/** A value as a fault shows it: short, on one line, without credentials that were put into an address. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a section'
  if (typeof value !== 'string') return String(value)
  const masked = value.replace(/[^\s/@]*:[^\s@]*@/g, '***@')
  return JSON.stringify(masked.length > SHOWN_CHARACTERS ? `${masked.slice(0, SHOWN_CHARACTERS)}...` : masked)
}
