import { salesforceSuffix } from '../model/salesforce-suffix.ts'

/** Where an id stands among ids of its kind, for those that CRMs count upwards. */

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const VALUE_OF = new Map([...BASE62].map((digit, value) => [digit, value]))
const SALESFORCE = /^[0-9a][0-9A-Za-z]{14}(?:[A-Z0-5]{3})?$/
const GUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * A whole number that grows with the id, at most 2^53 − 1; NaN where there is none: the number that the id ends in (of
 * two to fifteen digits), of a Salesforce id in 15 or 18 characters that of its last eight, to the base 62, and of a GUID
 * by time (version 1) its low 48 bits, as written or in the order of bytes in which SQL Server, and so Dataverse, counts.
 */
export function orderOfId(uid: string): number {
  if (uid.length === 36 && uid[8] === '-') {
    const guid = GUID.exec(uid)
    if (guid !== null) return orderOfGuid(guid[1], guid[2], guid[3])
  }
  return isSalesforceId(uid) ? toTheBase62(uid.slice(7, 15)) : numberAtEnd(uid)
}

function orderOfGuid(low: string, middle: string, high: string): number {
  if (high.startsWith('1')) return Number.parseInt(middle + low, 16)
  return high[2] === '1' ? Number.parseInt(bytesBackwards(middle) + bytesBackwards(low), 16) : Number.NaN
}

const bytesBackwards = (hex: string): string => (hex.match(/../g) ?? []).reverse().join('')

/** Of those in 15 characters, which have no suffix, only such as end in no long number. */
function isSalesforceId(uid: string): boolean {
  if ((uid.length !== 15 && uid.length !== 18) || !SALESFORCE.test(uid)) return false
  if (uid.length === 15) return /[A-Za-z]/.test(uid.slice(9))
  return uid.endsWith(salesforceSuffix(uid))
}

const toTheBase62 = (digits: string): number =>
  [...digits].reduce((number, digit) => number * 62 + (VALUE_OF.get(digit) ?? 0), 0)

function numberAtEnd(uid: string): number {
  let from = uid.length
  while (from > 0 && uid.length - from < 15 && isDigit(uid.charCodeAt(from - 1))) from--
  return uid.length - from < 2 ? Number.NaN : Number(uid.slice(from))
}

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57
