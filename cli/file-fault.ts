import { errorCode } from '../model/error-code.ts'

const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'access is denied',
  EISDIR: 'it is a folder',
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'a part of the path is not a folder',
  EPERM: 'access is denied',
  EROFS: 'the file system is read-only',
}

/** Why the system would not open a file, in words; its own messages often leave out which file it was. */
export function fileFault(error: unknown): string {
  const code = errorCode(error) ?? 'unknown error'
  return WORDS[code] ?? code
}
