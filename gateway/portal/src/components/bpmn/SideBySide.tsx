import type { ComponentProps } from 'react'
import { Diagram } from './Diagram.tsx'

type Side = Omit<ComponentProps<typeof Diagram>, 'label' | 'size'> & { readonly title: string }

/** Versions of a process, each drawn in half of the width. */
export function SideBySide({ sides }: { sides: readonly Side[] }) {
  return (
    <div className="compare">
      {sides.map(({ title, ...drawing }) => (
        <div key={title}>
          <h3>{title}</h3>
          <Diagram {...drawing} label={title} size="half" />
        </div>
      ))}
    </div>
  )
}
