interface PlaceProps {
  readonly node: string
  readonly name: string
  readonly onShow: (node: string) => void
}

/** A node by its name, which leads to it on the diagram. */
export function Place({ node, name, onShow }: PlaceProps) {
  return (
    <>
      <button type="button" className="button-plain" onClick={() => onShow(node)}>
        {name}
      </button>
      {name !== node && (
        <>
          {' '}
          <code className="quiet">{node}</code>
        </>
      )}
    </>
  )
}
