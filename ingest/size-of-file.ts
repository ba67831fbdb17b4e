import { stat } from 'node:fs/promises'
import { fileFault, IS_FOLDER, unreadable } from '../model/file-fault.ts'

/** In bytes. Throws, saying what is wanted instead, where there is no file; a folder would fail only when it is read. */
export async function sizeOfFile(path: string, wanted: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Error(unreadable(path, fileFault(error), wanted), { cause: error })
  })
  if (found.isDirectory()) throw new Error(unreadable(path, IS_FOLDER, wanted))
  return found.size
}
