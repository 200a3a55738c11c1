// Starts GraphiQL: queries go to this very address, with the token that a session must show.
(function () {
  "use strict";
  const token = document.querySelector("meta[name=csrf-token]").content;

  async function send(query, options) {
    const answer = await fetch(window.location.pathname, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, ...(options && options.headers) },
      body: JSON.stringify(query),
    });
    return answer.json();
  }

  const start = "# Sign in to the admin in this browser, or write a header below:\n" +
    '# {"Authorization": "Api-Key …"}\n\n' +
    "{\n  orders(first: 5) {\n    nodes { number status total currency items { nodes { sku quantity } } }\n" +
    "    pageInfo { endCursor hasNextPage }\n  }\n}\n";
  const root = ReactDOM.createRoot(document.getElementById("graphiql"));
  root.render(React.createElement(GraphiQL, { fetcher: send, defaultQuery: start }));
})();
