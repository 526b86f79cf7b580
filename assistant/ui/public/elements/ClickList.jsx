// A list of names; a click sends the request that belongs to one.
export default function ClickList() {
  const { title, items } = props;
  return (
    <div className="bb"><div className="bb-box">
      {title && <div className="bb-head"><div className="bb-title">{title}</div></div>}
      <ol className="bb-items" aria-label={title || undefined}>
        {items.map((item, at) => (
          <li key={at}>
            <span className="bb-num bb-dim">{at + 1}</span>
            {item.ask
              ? <button className="bb-link" title={item.ask} onClick={() => callAction({ name: 'choose', payload: { name: item.ask } })}>{item.label}</button>
              : <span className="bb-name">{item.label}</span>}
            {item.detail && <span className="bb-dim">{item.detail}</span>}
          </li>
        ))}
      </ol>
    </div></div>
  );
}
