import { useMemo, useState, type FormEvent } from 'react'
import { useMutation } from '../../api.ts'
import { Failure } from '../../components/Notices.tsx'
import { leavesBy, useOpened } from '../../components/staff/useOpened.ts'
import { useText } from '../../i18n.ts'
import { useWords } from '../../words.ts'
import { commandOf, type Operation } from './operation.ts'
import { OutputField, outputOf } from './OutputField.tsx'

interface OperationFormProps {
  readonly operation: Operation
  readonly instance: { readonly id: string; readonly version: number }
  readonly names: (node: string) => string
  /** Picked on the diagram or in the list. */
  readonly target: string
  readonly onTarget: (node: string) => void
  readonly onDone: () => void
  readonly onLeave: () => void
}

/** Says what an operation will do, asks why, and does it; a refusal is shown where it was asked. */
export function OperationForm(props: OperationFormProps) {
  const { operation, instance, names, target, onTarget, onDone, onLeave } = props
  const text = useText(TEXT)
  const words = useWords()
  const [reason, setReason] = useState('')
  const { kind } = operation
  const place = 'node' in operation ? names(operation.node) : ''
  const [typed, setTyped] = useState('')
  const output = outputOf(typed)
  const given = { id: instance.id, expectedVersion: instance.version, reason: reason.trim(), to: target }
  const [document, variables] = useMemo(
    () => commandOf(operation, { ...given, output: output ?? {} }),
    [operation, instance.id, instance.version, reason, target, typed],
  )
  const act = useMutation(document)
  const title = useOpened<HTMLHeadingElement>(operation)
  const asksReason = kind !== 'retry' && kind !== 'begin'
  const isReady =
    (!asksReason || reason.trim() !== '') && (kind !== 'move' || target !== '') && output !== undefined

  function send(event: FormEvent) {
    event.preventDefault()
    if (isReady) void act.run(variables).then((done) => done && onDone())
  }

  return (
    <form
      className="operation"
      aria-labelledby="operation-title"
      aria-busy={act.running}
      data-operation={kind}
      onSubmit={send}
      onKeyDown={leavesBy(onLeave)}
    >
      <h2 id="operation-title" tabIndex={-1} ref={title}>
        {words('operation', kind)}
        {place && text.colon(place)}
      </h2>
      <p>{text.effects[kind]}</p>
      {'targets' in operation && (
        <div className="field">
          <label htmlFor="operation-target">{kind === 'move' ? text.moveTo : text.activity}</label>
          <select
            id="operation-target"
            className="input"
            value={target}
            onChange={(event) => onTarget(event.target.value)}
          >
            <option value="">{kind === 'move' ? text.pick : text.over}</option>
            {operation.targets.map((node) => (
              <option key={node} value={node}>
                {names(node)}
                {names(node) !== node && ` (${node})`}
              </option>
            ))}
          </select>
        </div>
      )}
      {kind === 'skip' && <OutputField value={typed} onChange={setTyped} />}
      {asksReason && (
        <div className="field">
          <label htmlFor="operation-reason">{text.reason}</label>
          <input
            id="operation-reason"
            className="input"
            maxLength={1000}
            required
            autoComplete="off"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
      )}
      {act.error && <Failure error={act.error} />}
      <p className="actions">
        <button type="submit" className="button" id="operation-go" disabled={!isReady || act.running}>
          {text.go(words('operation', kind))}
        </button>
        <button type="button" className="button-second" onClick={onLeave}>
          {text.leave}
        </button>
      </p>
    </form>
  )
}

const TEXT = {
  zh: {
    colon: (place: string) => `：${place}`,
    effects: {
      retry: '从停下的地方再做一次；先改正变量再重试，才会有不同的结果。再次失败会重新成为异常。',
      skip: '视为该环节已经办完，流程沿唯一的去路继续。它的任务、定时器、作业一并取消；原来应给出的结果，不填就没有。',
      cancel: '取走该令牌及其中的一切；它要走的路不再有人走。最后一个令牌取走后，流程（或子流程）随之结束。',
      move: '在这里取消，从所选节点重新开始。只能移到同一层级中有连线进入的节点；图上可移到的节点已标出，可点选。',
      begin: '开始所选活动；不选则表示整个临时子流程已经办完。',
      suspend: '冻结整个实例：任务不能完成，定时器不触发，作业不运行，直到恢复。法定时限照常计算。',
      resume: '实例继续运行；暂停期间到来的消息、到期的定时器随即处理。',
      terminate: '结束整个实例，取消其中所有任务、定时器、作业和调用。不能恢复。',
    },
    moveTo: '移到（也可在图上点选）',
    activity: '活动',
    pick: '请选择节点',
    over: '全部办完',
    reason: '理由（记入记录）',
    go: (what: string) => `确认${what}`,
    leave: '不做了',
  },
  en: {
    colon: (place: string) => `: ${place}`,
    effects: {
      retry:
        'Does once more what stopped here. It ends differently only if its cause is gone, such as a variable put right. If it fails again, it is an incident again.',
      skip: 'Goes on as if the step were done, by its only way out. Its tasks, timers and jobs are cancelled; what it would have given is missing unless it is told here.',
      cancel:
        'Takes the token away with all that is in it; nobody goes the way it had before it. With the last token the process, or its sub-process, ends.',
      move: 'Cancels it here and begins at the node chosen: one of the same level that a flow leads into. They are marked on the diagram and can be clicked there.',
      begin: 'Begins the activity chosen; without one says that the whole ad-hoc sub-process is over.',
      suspend:
        'Freezes the instance: no task is completed, no timer fires and no job runs until it is resumed. Legal time goes on.',
      resume: 'Lets the instance go on, with the messages and due timers of the time between.',
      terminate:
        'Ends the instance and cancels its tasks, timers, jobs and calls. This cannot be taken back.',
    },
    moveTo: 'Move to (or click it on the diagram)',
    activity: 'Activity',
    pick: 'Choose a node',
    over: 'All of it is over',
    reason: 'Why (kept on the record)',
    go: (what: string) => `Confirm: ${what.toLowerCase()}`,
    leave: 'Leave it',
  },
}
