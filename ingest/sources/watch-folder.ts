import { hash } from 'node:crypto'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../model/error-code.ts'
import type { SourceFileRow } from '../../store/source-records.ts'
import { notUtf8Note } from '../adapters/files/mend-utf8.ts'
import { openFile } from '../adapters/files/open-file.ts'
import type { Source } from './source.ts'
import { type FileEnd, type FileParts, takeFile } from './take-file.ts'

export interface FolderOptions {
  readonly path: string
  readonly pollMs: number
  /** How long a file must have looked the same to count as complete. */
  readonly settleMs: number
}

export interface FolderParts extends Omit<FileParts, 'isStopping' | 'onNotUtf8'> {
  /** The part of a logger that is used here. */
  readonly logger: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
  }
  after(ms: number, callback: () => void): () => void
  onFile(end: FinishedFile): void
}

export interface FolderWatcher extends AsyncDisposable {
  start(): void
  /** Why the folder cannot be read, as the file system's code, since when; null when it can. */
  failure(): FolderFailure | null
}

export interface FolderFailure {
  readonly failure: string
  /** Epoch ms. */
  readonly since: number
}

/** How a file came to its end. */
export type FinishedFile = Exclude<FileEnd, { state: 'left' }>

/** A file as a look at the folder found it. Another size or time makes another file of it. */
interface FoundFile {
  readonly name: string
  readonly file_uid: string
}

export const MOST_FOLDER_FILES = 100_000
/** Names that say themselves that a file is not finished, or is none. */
const UNFINISHED = /^[.~_]|\.(tmp|temp|part|partial|filepart|crdownload|swp|lock)$|~$/i
const BY_NAME = new Intl.Collator('en', { numeric: true })

/**
 * Takes the files of a folder in the order of their names, each once, when it is complete. What was taken is remembered
 * in the store under name, size and time, so that a restart goes on within a file. A file that appears late is taken when
 * it appears. Nothing in the folder is changed; subfolders and links are left alone.
 */
export function createFolderWatcher(
  source: Source,
  options: FolderOptions,
  taken: readonly SourceFileRow[],
  parts: FolderParts,
): FolderWatcher {
  // What was set aside whole is tried once more after each start: the configuration may have been mended.
  const isFinished = ({ state, records }: SourceFileRow) => state === 'done' || (state === 'set_aside' && records > 0)
  const finished = new Set(taken.filter(isFinished).map(({ file_uid }) => file_uid))
  const begun = new Map(taken.filter(({ state }) => state === 'reading').map((row) => [row.file_uid, row]))
  let seenSince = new Map<string, number>()
  let unreadable: FolderFailure | null = null
  /** Files that could not be read when they were last tried, and why. */
  const failing = new Map<string, string>()
  let cancel: (() => void) | null = null
  let looking: Promise<void> = Promise.resolve()
  let stopped = false

  const look = async (): Promise<void> => {
    const files = await listFiles()
    const now = parts.now()
    const since = new Map<string, number>()
    const waiting = files.filter(({ file_uid }) => !finished.has(file_uid))
    for (const { file_uid } of waiting) since.set(file_uid, seenSince.get(file_uid) ?? now)
    seenSince = since
    for (const file_uid of failing.keys()) if (!since.has(file_uid)) failing.delete(file_uid)
    for (const file of waiting) {
      if (stopped) return
      if (now - (since.get(file.file_uid) ?? now) >= options.settleMs) await take(file)
    }
  }

  const listFiles = async (): Promise<FoundFile[]> => {
    try {
      const names = (await readdir(options.path)).filter((name) => !UNFINISHED.test(name))
      if (names.length > MOST_FOLDER_FILES) throw Object.assign(new Error('too many files'), { code: 'TOO_MANY_FILES' })
      const files: FoundFile[] = []
      for (const name of names.sort(BY_NAME.compare)) {
        const stats = await lstat(join(options.path, name)).catch(() => null)
        if (stats?.isFile() !== true || stats.size === 0) continue
        const key = JSON.stringify([name, stats.size, stats.mtimeMs])
        files.push({ name, file_uid: hash('sha256', key, 'hex').slice(0, 32) })
      }
      unreadable = null
      return files
    } catch (error) {
      const code = codeOf(error)
      // Said once, not at every look.
      if (code !== unreadable?.failure) {
        parts.logger.warn({ source: source.name, path: options.path, code }, 'The folder of a source cannot be read')
        unreadable = { failure: code, since: parts.now() }
      }
      return []
    }
  }

  const take = async ({ name, file_uid }: FoundFile): Promise<void> => {
    const start = begun.get(file_uid) ?? { file_uid, name, pieces: 0, records: 0 }
    try {
      const end = await takeFile(openFile(join(options.path, name)), start, source, {
        ...parts,
        isStopping: () => stopped,
        onNotUtf8: (records) =>
          parts.logger.warn(
            { source: source.name, file_uid, reason: notUtf8Note(records) },
            'The encoding of a file is a guess',
          ),
      })
      failing.delete(file_uid)
      if (end.state !== 'left') note(file_uid, end)
    } catch (error) {
      if (!isFileError(error)) throw error
      const code = codeOf(error)
      // Said once, not at every try.
      if (failing.get(file_uid) !== code)
        parts.logger.warn({ source: source.name, file_uid, code }, 'A file could not be read; it is tried again')
      failing.set(file_uid, code)
    }
  }

  const note = (file_uid: string, end: FinishedFile) => {
    finished.add(file_uid)
    begun.delete(file_uid)
    parts.onFile(end)
    // File names may name people, so the log tells the id alone.
    const fields = { source: source.name, file_uid }
    if (end.state === 'done') parts.logger.info(fields, 'A file was taken')
    else parts.logger.warn({ ...fields, reason: end.reason }, 'A file was set aside')
  }

  const schedule = () => {
    cancel = parts.after(options.pollMs, () => {
      looking = look().then(
        () => {
          if (!stopped) schedule()
        },
        () => {
          // The pipeline has failed, which ends the service by itself.
          stopped = true
        },
      )
    })
  }

  return {
    start: schedule,
    failure: () => unreadable,
    async [Symbol.asyncDispose]() {
      stopped = true
      cancel?.()
      await looking
    },
  }
}

const codeOf = (error: unknown): string => errorCode(error) ?? 'unknown'
const isFileError = (error: unknown): boolean => /^E[A-Z0-9]+$/.test(codeOf(error))
