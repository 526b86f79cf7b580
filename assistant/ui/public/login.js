// The login page: the theme that was chosen on the chat page, and a password that can be shown.
(() => {
  const theme = localStorage.getItem('vite-ui-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.classList.add(theme);

  const NS = 'http://www.w3.org/2000/svg';
  const EYE = 'M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12z M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z';
  const LINE = ' M4 4 20 20';
  const button = document.querySelector('#show');
  const field = document.querySelector('#password');
  if (!button || !field) return;
  const picture = document.createElementNS(NS, 'svg');
  picture.setAttribute('viewBox', '0 0 24 24');
  picture.setAttribute('aria-hidden', 'true');
  const path = picture.appendChild(document.createElementNS(NS, 'path'));
  button.append(picture);
  const show = (shown) => {
    field.type = shown ? 'text' : 'password';
    path.setAttribute('d', shown ? EYE + LINE : EYE);
    const name = shown ? button.dataset.hide : button.dataset.show;
    button.setAttribute('aria-label', name);
    button.title = name;
  };
  show(false);
  button.hidden = false;
  button.addEventListener('click', () => show(field.type === 'password'));
  field.form.addEventListener('submit', () => show(false));
})();
