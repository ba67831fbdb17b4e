import { posix } from 'node:path'
import { listFiles, readText } from '../architecture/source-files.ts'

/** A fenced block of a document. */
export interface Block {
  readonly file: string
  readonly language: string
  readonly text: string
}

export const documents: readonly string[] = listFiles().filter((file) => file.endsWith('.md'))

const FENCE = /^```(\w*)\n([\s\S]*?)^```$/gm

export const blocksOf = (file: string): Block[] =>
  [...readText(file).matchAll(FENCE)].map(([, language, text]) => ({ file, language, text }))

/** The document without its fenced blocks. */
export const proseOf = (file: string): string => readText(file).replaceAll(FENCE, '')

/** Targets of Markdown links, as written. */
export const linksOf = (file: string): string[] =>
  [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target)

/** Inline code. */
export const codeOf = (file: string): string[] => [...proseOf(file).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code)

/** Anchors as GitHub makes them of headings. */
export const anchorsOf = (file: string): string[] =>
  [...proseOf(file).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )

export const resolveFrom = (file: string, target: string): string => posix.join(posix.dirname(file), target)

/** The rows of the first table whose header has these names. */
export function tableOf(file: string, header: readonly string[]): string[][] {
  const lines = readText(file).split('\n')
  const cells = (line: string) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim())
  const start = lines.findIndex((line) => line.startsWith('|') && cells(line).join() === header.join())
  if (start === -1) throw new Error(`${file} has no table with the header ${header.join(', ')}`)
  const rest = lines.slice(start + 2)
  const end = rest.findIndex((line) => !line.startsWith('|'))
  return rest.slice(0, end === -1 ? undefined : end).map(cells)
}
