/** Characters of an administrator's token that the operator chooses; fewer could be guessed, more are no token's. */
export const OWN_TOKEN_CHARACTERS = { least: 16, most: 512 } as const
/** Printable ASCII without spaces: what can travel in a header. */
export const OWN_TOKEN_PATTERN = '^[\\x21-\\x7e]+$'
