/** Patterns of what people write for others to read, as JSON schemas hold them. Each takes time in step with the text. */

const SEEN = '[^\\p{C}\\p{Z}]'

/** There is something to read in it. */
export const NOT_BLANK = SEEN

/** The same, on one line. */
export const ONE_LINE = `^(?=.*${SEEN})[^\\p{C}\\p{Zl}\\p{Zp}]+$`

/** The same, but for the word that stands for nobody where assignees are asked for. */
export const ASSIGNEE = `^(?!none$)${ONE_LINE.slice(1)}`
