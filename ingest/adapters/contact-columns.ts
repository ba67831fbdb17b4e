const REACHES_A_PERSON = /mail|phone|mobile|telephone|fax|address|whatsapp|telegram|skype/i

/** Whether columns by which a person can be reached are among these; null when the columns are not known. */
export const hasContactColumns = (columns: readonly string[]): boolean | null =>
  columns.length === 0 ? null : columns.some((column) => REACHES_A_PERSON.test(column))
