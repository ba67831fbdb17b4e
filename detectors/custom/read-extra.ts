/** The rarely used fields of an event, kept with it as JSON text. */
export interface ExtraReader {
  text(json: string | null, field: string): string | null
  number(json: string | null, field: string): number | null
  list(json: string | null, field: string): readonly string[] | null
}

/** Remembers the last text, since several rules ask of one event. */
export function createExtraReader(): ExtraReader {
  let lastJson: string | null = null
  let last: Readonly<Record<string, unknown>> = {}

  const fieldOf = (json: string | null, field: string): unknown => {
    if (json === null) return undefined
    if (json !== lastJson) {
      const parsed: unknown = JSON.parse(json)
      last = isRecord(parsed) ? parsed : {}
      lastJson = json
    }
    return last[field]
  }

  return {
    text(json, field) {
      const value = fieldOf(json, field)
      return typeof value === 'string' ? value : null
    },
    number(json, field) {
      const value = fieldOf(json, field)
      return typeof value === 'number' ? value : null
    },
    list(json, field) {
      const value = fieldOf(json, field)
      if (!Array.isArray(value) || value.length === 0) return null
      return value.filter((item) => typeof item === 'string')
    },
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
