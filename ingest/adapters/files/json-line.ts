import { parseJson } from './parse-json.ts'

/**
 * The value of a record that is JSON, JSON inside a JSON text (as producers write that encode twice), or JSON behind the
 * time, tag or host that syslog and Fluentd put in front of a line; undefined when it is none of these.
 */
export function parseJsonLine(text: string): unknown {
  const value = parseJson(text)
  if (typeof value === 'string') return parseJson(value) ?? value
  if (value !== undefined) return value
  const start = text.indexOf('{"')
  return start > 0 && text.trimEnd().endsWith('}') ? parseJson(text.slice(start)) : undefined
}

/** Whether a line holds JSON that does not begin it: in quotes, or behind a prefix. */
export function isWrappedJson(line: string): boolean {
  const text = line.trim()
  if (!text.includes('{') || !(text.endsWith('}') || text.endsWith('"'))) return false
  const value = parseJsonLine(text)
  return typeof value === 'object' && value !== null && !/^[[{]/.test(text)
}
