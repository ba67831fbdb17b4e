import { cleanText } from './clean-text.ts'

const WORD = /^[A-Za-z][\w .:/-]{0,59}$/

/** The source's word for a row's type, for counting; `otherwise` for what is no word, so that no free text is counted. */
export function rowType(value: unknown, otherwise = '(unnamed)'): string {
  const text = cleanText(value)
  return text !== null && WORD.test(text) ? text : otherwise
}
