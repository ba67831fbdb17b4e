import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode } from '../../model/error-code.ts'
import { fileFault, unreadable } from '../../model/file-fault.ts'
import { LabelMistake, type LabelsFile, type Remark, readLabels } from './labels-file.ts'

export const labelsPath = (folder: string): string => join(folder, 'labels.json')

/** Reads the labels of a folder. Throws an Error that names the file and what is wrong with it; so do the remarks. */
export function openLabels(folder: string, remark: Remark): LabelsFile {
  const file = labelsPath(folder)
  try {
    return readLabels(parseJson(textOf(file)), bounded(`${file}: `, remark))
  } catch (error) {
    throw error instanceof LabelMistake ? new Error(`${file}: ${error.message}`) : error
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      throw new Error(unreadable(file, fileFault(error), 'a file of labels (docs/evaluation.md)'), { cause: error })
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

const MOST_REMARKS = 10

/** The first remarks, and that there are more. */
function bounded(prefix: string, remark: Remark): Remark {
  let remarks = 0
  return (text) => {
    remarks++
    if (remarks <= MOST_REMARKS) remark(prefix + text)
    else if (remarks === MOST_REMARKS + 1) remark(`${prefix}and more of that kind`)
  }
}
