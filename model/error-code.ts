/** The code of an error of the system's, such as `ENOENT`; null when it has none. */
export const errorCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error ? String(error.code) : null
