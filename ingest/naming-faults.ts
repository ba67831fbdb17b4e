import { fileFault, isFileFault, unreadable } from '../model/file-fault.ts'
import { ExpansionError } from './adapters/files/expansion.ts'
import { ZipError } from './adapters/files/zip-entries.ts'

/**
 * The same items as are read of a file. What is wrong with the file as a whole is thrown under its name, in words, with
 * what is wanted instead; other errors as they are.
 */
export async function* namingFaults<Item>(
  path: string,
  wanted: string,
  items: AsyncIterable<Item>,
): AsyncGenerator<Item> {
  try {
    yield* items
  } catch (error) {
    const why = whyOf(error)
    if (why === null) throw error
    throw new Error(unreadable(path, why, wanted), { cause: error })
  }
}

function whyOf(error: unknown): string | null {
  if (error instanceof ZipError || error instanceof ExpansionError) return error.message
  return isFileFault(error) ? fileFault(error) : null
}
