import { fileFault, isFileFault, unreadable } from '../model/file-fault.ts'

/**
 * The same items as are read of a file. What is wrong with the file is thrown under its name, in words, with what is
 * wanted instead; other errors as they are.
 */
export async function* namingFaults<Item>(
  path: string,
  wanted: string,
  items: AsyncIterable<Item>,
): AsyncGenerator<Item> {
  try {
    yield* items
  } catch (error) {
    if (!isFileFault(error)) throw error
    throw new Error(unreadable(path, fileFault(error), wanted), { cause: error })
  }
}
