"""What a workspace holds beside the notebooks."""

from scrutiny.workspace.write import as_variables


def test_values_are_nested_and_escaped():
    assert as_variables({"a.b.c.d": "1", "a.b.c.e": "<b> @x", "report.to": "x {{< env HOME >}}"}) == {
        "a": {"b": {"c": {"d": "1", "e": r"\<b\> \@x"}}},
        "report": {"to": "x \\{\\{\\<\u2060 env HOME \\>\u2060\\}\\}"},
    }
