/* Says on the page when a browser could not use a security key; allauth's own scripts only tell the console. */
document.addEventListener('allauth.error', function (event) {
  const said = document.querySelector('[data-key-trouble]')
  if (said) {
    event.preventDefault()
    said.hidden = false
  }
})
