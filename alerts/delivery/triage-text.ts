import type { TriageNews } from '../../model/delivery.ts'
import { oneLine } from './plain-text.ts'

/** What an analyst did, as people read it: `mia: status closed, verdict false positive, wrote a note`. */
export const triageText = ({ by, actions }: TriageNews): string =>
  `${oneLine(by) || 'somebody'}: ${actions.map(actionText).join(', ')}`

function actionText(action: TriageNews['actions'][number]): string {
  switch (action.action) {
    case 'status':
      return `status ${words(action.to)}`
    case 'verdict':
      return action.to === null ? 'verdict taken back' : `verdict ${words(action.to)}`
    case 'assignee':
      return action.to === null ? 'given to nobody' : `given to ${oneLine(action.to)}`
    case 'label_added':
      return `label ${oneLine(action.label)}`
    case 'label_removed':
      return `label ${oneLine(action.label)} removed`
    case 'note':
      return 'wrote a note'
  }
}

const words = (name: string): string => name.replaceAll('_', ' ')
