-- content-visible and content-hidden, by when-format and unless-format, as Quarto understands them.

local function is_format(name)
  return FORMAT == name or (name == "html" and FORMAT:match("^html") ~= nil)
end

local function shown(element)
  local visible = element.classes:includes("content-visible")
  local hidden = element.classes:includes("content-hidden")
  if not visible and not hidden then
    return nil
  end
  local when, unless = element.attributes["when-format"], element.attributes["unless-format"]
  local applies = (not when or is_format(when)) and (not unless or not is_format(unless))
  return applies == visible
end

local function filter(element)
  local is_shown = shown(element)
  if is_shown == nil then
    return nil
  end
  return is_shown and element.content or {}
end

return { { Div = filter, Span = filter } }
