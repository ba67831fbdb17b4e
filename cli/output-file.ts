import { closeSync, constants, fstatSync, ftruncateSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { errorCode } from '../model/error-code.ts'
import { fileFault } from '../model/file-fault.ts'
import type { Output } from './output.ts'
import { overwriteFault } from './overwrite-fault.ts'

/** A file for what a long command finds in the end, opened before the work so that the work is not lost. */
export interface OutputFile {
  /** The first text takes the place of what was in the file, which stays until then; others are put behind it. */
  write(text: string): void
  /** A new file into which nothing was written goes again, when the process ends at the latest. */
  close(): void
}

export type OpenedOutput =
  | { readonly ok: true; readonly file: OutputFile }
  | { readonly ok: false; readonly message: string }

const { O_CREAT, O_EXCL, O_WRONLY } = constants
/** What is found holds personal data. */
const OWN_ONLY = 0o600
const unwritten = new Set<string>()
let isWatched = false

export function openOutputFile(path: string): OpenedOutput {
  try {
    return {
      ok: true,
      file: outputFile(path, openNew(path) ?? { fd: openSync(path, O_WRONLY | O_CREAT, OWN_ONLY), isNew: false }),
    }
  } catch (error) {
    const why = errorCode(error) === 'ENOENT' ? `there is no folder ${dirname(path)}` : fileFault(error)
    return { ok: false, message: `${path} cannot be written: ${why}` }
  }
}

interface OpenFile {
  readonly fd: number
  readonly isNew: boolean
}

/** Null when there is something of that name. */
function openNew(path: string): OpenFile | null {
  try {
    return { fd: openSync(path, O_WRONLY | O_CREAT | O_EXCL, OWN_ONLY), isNew: true }
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return null
    throw error
  }
}

interface NamedOutput {
  /** The command and its option, such as `replay: --alerts-out`. */
  readonly option: string
  /** Null when the option was not given. */
  readonly path: string | null
  /** Files that are read, none of which may be the one that is written. */
  readonly inputs: readonly string[]
  readonly stderr: Output
}

/** Runs a command with the file that it is to write, null for none. Exit code 2 when that cannot be opened, or is to be read. */
export async function withOutputFile(
  { option, path, inputs, stderr }: NamedOutput,
  run: (file: OutputFile | null) => Promise<number>,
): Promise<number> {
  if (path === null) return run(null)
  const fault = overwriteFault(path, inputs)
  const opened: OpenedOutput = fault === null ? openOutputFile(path) : { ok: false, message: fault }
  if (!opened.ok) {
    stderr.write(`crmwatch: ${option} ${opened.message}\n`)
    return 2
  }
  try {
    return await run(opened.file)
  } finally {
    opened.file.close()
  }
}

function outputFile(path: string, { fd, isNew }: OpenFile): OutputFile {
  if (isNew) removeAtExit(path)
  let isFirst = true
  return {
    write(text) {
      unwritten.delete(path)
      // Pipes and devices have no length.
      if (isFirst && fstatSync(fd).isFile()) ftruncateSync(fd)
      isFirst = false
      writeFileSync(fd, text)
    },
    close() {
      closeSync(fd)
      if (unwritten.delete(path)) rmSync(path, { force: true })
    },
  }
}

function removeAtExit(path: string): void {
  if (!isWatched) process.on('exit', removeAll)
  isWatched = true
  unwritten.add(path)
}

function removeAll(): void {
  for (const path of unwritten) rmSync(path, { force: true })
}
