import { parseJsonText } from '../../../model/json-text.ts'
/**
 * The value of a JSON text; undefined when it is none. Two faults of logs and of those who copy them are passed over:
 * numbers with leading zeros, as in `"userId": 0123`, which are identifiers and become texts with all their digits, and
 * a comma behind the last item.
 */
export function parseJson(text: string): unknown {
  const value = parsed(text)
  return value === undefined && FAULTS.test(text) ? parsed(mended(text)) : value
}

const FAULTS = /[:,[]\s*-?0\d|,\s*[\]}]/

function parsed(text: string): unknown {
  try {
    return parseJsonText(text)
  } catch {
    return undefined
  }
}

/** A number that begins with a zero too many. */
const ZEROS = /-?0\d+(?:\.\d+)?(?![\w.+-])/y

const LAST_COMMA = /,\s*(?=[\]}])/y

/** The text with such numbers as strings and without such commas, outside its strings. */
function mended(text: string): string {
  let result = ''
  let taken = 0
  let before = ''
  for (let i = 0; i < text.length; ) {
    const character = text[i]
    if (character === '"') i = endOfString(text, i + 1)
    else if (character === ',') {
      LAST_COMMA.lastIndex = i
      const comma = LAST_COMMA.exec(text)?.[0] ?? null
      if (comma !== null) {
        result += text.slice(taken, i)
        taken = i + comma.length
      }
      i += comma?.length ?? 1
    } else {
      ZEROS.lastIndex = i
      const isStart = (character === '0' || character === '-') && !/[\w.+-]/.test(before)
      const number = isStart ? (ZEROS.exec(text)?.[0] ?? null) : null
      if (number !== null) {
        result += `${text.slice(taken, i)}"${number}"`
        taken = i + number.length
      }
      i += number?.length ?? 1
    }
    before = text[i - 1]
  }
  return result + text.slice(taken)
}

function endOfString(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') return i + 1
  }
  return text.length
}
