/**
 * The value of a JSON text; undefined when it is none. Numbers with leading zeros, as in `"userId": 0123`, are the one
 * fault that is passed over: these are identifiers, and become texts with all their digits.
 */
export function parseJson(text: string): unknown {
  const value = parsed(text)
  return value === undefined && /[:,[]\s*-?0\d/.test(text) ? parsed(quoted(text)) : value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A number that begins with a zero too many. */
const ZEROS = /-?0\d+(?:\.\d+)?(?![\w.+-])/y

/** The text with such numbers, outside its strings, as strings. Goes over it once, whatever it holds. */
function quoted(text: string): string {
  let result = ''
  let taken = 0
  let before = ''
  for (let i = 0; i < text.length; ) {
    const character = text[i]
    if (character === '"') i = endOfString(text, i + 1)
    else {
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
