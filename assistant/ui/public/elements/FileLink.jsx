// A file to download.
import { Download } from 'lucide-react';

export default function FileLink() {
  return (
    <div className="bb"><a className="bb-button bb-main" href={props.url} download={props.name}>
      <Download size={15} /> {props.name}
    </a></div>
  );
}
