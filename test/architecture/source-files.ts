import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')

/** Not the project's own text: fetched, built or written at run time. */
const OUTSIDE = new Set(['node_modules', '.git', '.cache', 'data', 'dist', 'coverage'])

/** Every file of the project, as paths from its root with forward slashes. */
export function listFiles(folder = ''): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return OUTSIDE.has(entry.name) ? [] : listFiles(path)
    return [path]
  })
}

export const isSource = (path: string): boolean => /\.tsx?$/.test(path) && !path.endsWith('.d.ts')

export const readText = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
