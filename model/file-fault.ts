import { errorCode } from './error-code.ts'

export const IS_FOLDER = 'it is a folder'
export const IS_FILE = 'it is a file'
export const BROKEN_GZIP = 'the compressed file is broken or ends in the middle'

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EIO: 'the disk has an error',
  EISDIR: IS_FOLDER,
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'access is denied',
  EROFS: 'the file system is read-only',
}

const SYSTEM = /^E(?!RR_)[A-Z0-9]+$/
const ZLIB = /^Z_/

/** Whether an error tells of a file: the system's, or broken gzip. */
export function isFileFault(error: unknown): boolean {
  const code = errorCode(error) ?? ''
  return SYSTEM.test(code) || ZLIB.test(code)
}

/** Why the system would not open a file, in words; its own messages often leave out which file it was. */
export function fileFault(error: unknown): string {
  const code = errorCode(error) ?? 'unknown error'
  return ZLIB.test(code) ? BROKEN_GZIP : (WORDS[code] ?? code)
}

/** Which file, why it cannot be read, and what to give instead, such as `a file of staff records`. */
export const unreadable = (path: string, why: string, wanted: string): string =>
  `${path} cannot be read: ${why}; give ${wanted}`
