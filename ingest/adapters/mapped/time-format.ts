import type { LocalTime } from '../clean-time.ts'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const TOKENS: Readonly<Record<string, string>> = {
  YYYY: '(\\d{4})',
  YY: '(\\d{2})',
  MMM: '([A-Za-z]{3})[a-z]*\\.?',
  MM: '(\\d{1,2})',
  M: '(\\d{1,2})',
  DD: '(\\d{1,2})',
  D: '(\\d{1,2})',
  HH: '(\\d{1,2})',
  H: '(\\d{1,2})',
  hh: '(\\d{1,2})',
  h: '(\\d{1,2})',
  mm: '(\\d{2})',
  ss: '(\\d{2})',
  SSS: '(\\d{1,3})\\d*',
  A: '([AaPp])\\.?[Mm]\\.?',
}
const TOKEN = /YYYY|YY|MMM|MM|M|DD|D|HH|H|hh|h|mm|ss|SSS|A/g

/** Whether the pattern names at least a year, a month and a day, and each part once. */
export function isTimeFormat(pattern: string): boolean {
  const found = pattern.match(TOKEN) ?? []
  const parts = found.map((token) => (token === 'A' || token === 'mm' || token === 'MMM' ? token : token[0]))
  return (
    ['Y', 'D'].every((part) => parts.includes(part)) &&
    (parts.includes('M') || parts.includes('MMM')) &&
    new Set(parts).size === parts.length
  )
}

/** Reads times written by a pattern such as `M/D/YYYY h:mm A`; NaN for all others. */
export function createTimeFormat(pattern: string, local: LocalTime): (text: string) => number {
  const order: string[] = []
  const source = pattern.replaceAll(new RegExp(`${TOKEN.source}|[^A-Za-z]|[A-Za-z]`, 'g'), (part) => {
    if (Object.hasOwn(TOKENS, part)) {
      order.push(part)
      return TOKENS[part]
    }
    return /\s/.test(part) ? '\\s+' : part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  })
  const shape = new RegExp(`^${source}$`)
  return (text) => {
    const match = text.length > 60 ? null : shape.exec(text.trim())
    if (match === null) return Number.NaN
    const part = (...tokens: string[]): string | undefined => {
      const at = order.findIndex((token) => tokens.includes(token))
      return at === -1 ? undefined : match[at + 1]
    }
    const year = part('YYYY') ?? `20${part('YY')}`
    const named = part('MMM')
    const month = named === undefined ? Number(part('MM', 'M')) : MONTHS.indexOf(named.toLowerCase()) + 1
    const day = Number(part('DD', 'D'))
    const noon = part('A')?.toLowerCase()
    const told = Number(part('HH', 'H', 'hh', 'h') ?? 0)
    const hour = noon === undefined ? told : (told % 12) + (noon === 'p' ? 12 : 0)
    const minute = Number(part('mm') ?? 0)
    const second = Number(part('ss') ?? 0)
    const ms = Number((part('SSS') ?? '0').padEnd(3, '0'))
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59) return Number.NaN
    const time = Date.UTC(Number(year), month - 1, day, hour, minute, second, ms)
    return new Date(time).getUTCDate() === day ? local(time) : Number.NaN
  }
}
