import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileFault, hasCode } from '../../cli/file-fault.ts'
import { LabelMistake, type LabelsFile, readLabels } from './labels-file.ts'

export const labelsPath = (folder: string): string => join(folder, 'labels.json')

/** Reads the labels of a folder. Throws an Error that names the file and what is wrong with it. */
export function openLabels(folder: string): LabelsFile {
  const file = labelsPath(folder)
  try {
    return readLabels(parseJson(textOf(file)))
  } catch (error) {
    throw error instanceof LabelMistake ? new Error(`${file}: ${error.message}`) : error
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw new Error(`${file} cannot be read: ${fileFault(error)}`)
    throw new Error(`${file} is missing: it says what really happened in the events beside it (docs/evaluation.md)`)
  }
}

/** The parser's own message shows what stands around the fault, which may be personal; only the place is kept. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const place = /\(line \d+ column \d+\)/.exec(String(error))?.[0]
    throw new LabelMistake(`is not valid JSON${place === undefined ? '' : ` ${place}`}`)
  }
}
