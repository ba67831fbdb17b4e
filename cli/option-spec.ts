export interface NumberRange {
  readonly whole: boolean
  readonly from: number
  readonly to: number
}

export const wholeNumber = (from: number, to: number): NumberRange => ({ whole: true, from, to })
export const anyNumber = (from: number, to: number): NumberRange => ({ whole: false, from, to })

export interface OptionSpec {
  /** Placeholder of its value; absent for a switch. */
  readonly value?: string
  /** What values are allowed, where the placeholder does not say it. */
  readonly takes?: NumberRange | string
  /** How long its value may be. */
  readonly mostCharacters?: number
  /** Whether `-`, standard input, is a value. */
  readonly orStdin?: boolean
  /** May be given several times, and take several values at once. */
  readonly many?: boolean
  /** May be given several times, with one value each. */
  readonly repeatable?: boolean
  readonly help: string
}

/** In words, as in `--port takes a whole number from 0 to 65535`. */
export function allowedFor({ value, takes }: OptionSpec): string {
  if (typeof takes === 'string') return takes
  if (takes !== undefined) return `a ${takes.whole ? 'whole ' : ''}number from ${takes.from} to ${takes.to}`
  return `a ${value}`
}
